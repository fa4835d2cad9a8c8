# make demo [EXIT=1]   the main job, end to end, on this machine
# make test            every test that this machine can run, and what it could not run
# make bench NAME=... [ARGS=...]  one comparison: prints a table, writes bench/results/NAME.json
# make cli             builds cli/target/kubectl-littoral, one executable
# make crds            generates the custom resource definitions anew
# make format          formats the sources
# make clean           removes what was built
SHELL := /bin/bash
JAVA_HOME := $(shell tools/jdk)
export JAVA_HOME
MVN := mvn -B --no-transfer-progress
SOURCES := $(shell find . -path ./target -prune -o \( -name '*.java' -o -name '*.proto' -o -name 'pom.xml' -o -path '*/src/main/resources/*' \) -not -path '*/target/*' -not -path '*/src/test/*' -type f -print)
BUILT := target/built

.PHONY: demo test bench cli crds format clean jdk

demo: $(BUILT)
	@exec "$(JAVA_HOME)/bin/java" -Xmx96m --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.1 -Dorg.slf4j.simpleLogger.defaultLogLevel=off -cp "sandbox/target/classes:sandbox/target/lib/*" \
	  dev.littoral.sandbox.demo.DemoMain --checkout "$(CURDIR)" --exit "$(EXIT)"

$(BUILT): $(SOURCES) | jdk
	@tools/progress "building (first time: some minutes)" target/build.log \
	  $(MVN) -T 2 package -Dlittoral.quick -Dmaven.test.skip -Dspotless.check.skip -Djacoco.skip -pl '!e2e,!cli,!bench'
	@touch $@

test: | jdk
	@tools/test

bench: | jdk
	@tools/progress "building the benchmarks" target/build-bench.log \
	  $(MVN) package -DskipTests -Dlittoral.quick -Dspotless.check.skip -Djacoco.skip -pl bench -am
	@"$(JAVA_HOME)/bin/java" --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -cp "bench/target/classes:bench/target/lib/*" dev.littoral.bench.BenchMain $(if $(NAME),$(NAME) --out bench/results $(ARGS))

cli: | jdk
	@tools/progress "building kubectl-littoral" target/build-cli.log \
	  $(MVN) package -Dlittoral.quick -Dmaven.test.skip -Dspotless.check.skip -Djacoco.skip -pl cli -am
	@echo "cli/target/kubectl-littoral"

crds: | jdk
	$(MVN) -q -pl crds -am test -Dtest=CrdYamlTest -Dsurefire.failIfNoSpecifiedTests=false -Dlittoral.crds.regenerate=true

format: | jdk
	$(MVN) -q spotless:apply

clean: | jdk
	$(MVN) -q clean
	rm -rf target

jdk:
	@tools/jdk >/dev/null
