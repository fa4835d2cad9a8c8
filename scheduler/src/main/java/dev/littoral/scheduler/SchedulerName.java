package dev.littoral.scheduler;

/** By which this process is told from every other scheduler, as long as it runs. */
record SchedulerName(String name) {}
