package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words and phrases of a prompt that say how long an answer it wants. Ours.
 *
 * <p>A line of {@link #PHRASES} is one cue: phrases of up to three words, any of which sets it. A cue that begins with
 * {@code ^} counts only at the beginning of the prompt.
 */
final class CueLexicon {

    private static final String PHRASES = """
            essay,essays,article,articles,blog,blog post,blog posts,report,reports,paper,thesis,chapter
            story,stories,tale,novel,script,screenplay,dialogue,scene,fanfic,fan fiction
            poem,poems,haiku,limerick,song,songs,lyrics,rap,sonnet,verse
            email,emails,e mail,letter,letters,message,memo,cover letter
            list,lists,bullet,bullets,enumerate
            names of,name of,examples of,example of,idea,ideas,suggest,suggestion,suggestions,tips,ways,recommend,recommendation,recommendations
            briefly,brief,short,concise,concisely,succinct,succinctly,one sentence,in a sentence,one word,single word,few words,tldr,tl dr,quick
            detailed,in detail,in depth,thorough,thoroughly,comprehensive,elaborate,long,extensive,step by step,complete,full
            explain,describe,discuss,why,elaborate
            how do,how to,how can,how would,how does,guide,tutorial,steps,instructions,plan
            code,function,program,script,python,javascript,java,c++,html,css,sql,api,implement,class,regex,bash,algorithm
            recipe,recipes,cook,bake,dish,ingredients,meal,meals
            translate,translation,in french,in spanish,in german,in chinese
            summarize,summarise,summary,paraphrase,rewrite,rephrase,edit,correct,proofread,improve
            classify,identify,which of,is this,is it,is the,are these,are they,true or false,yes or no,choose,select,multiple choice
            calculate,compute,solve,how many,how much,what is the,equation,math,integral,derivative
            ^what,who,when,where,which,whose
            ^who,when,where
            ^is,are,was,were,do,does,did,can,could,should,would,will,has,have
            ^write,create,generate,make,compose,draft,design,develop,produce,build
            ^give,provide,list,tell,name,find,show
            compare,contrast,difference,differences,versus,vs,pros and cons,advantages
            table,csv,json,xml,yaml,markdown,format
            history,origin,background,overview,introduction
            itinerary,schedule,trip,travel,workout,program,curriculum,lesson
            only,just,no more than,at most,less than,maximum,limit
            please,hi,hello,hey,thanks
            i'm,i am,my,me,i have,i want
            best,top,favorite,famous,popular
            joke,jokes,riddle,trivia,fun fact,pun,puns
            title,titles,headline,slogan,tagline,caption,tweet,name for,bio,subject line
            act as,you are,pretend,imagine,roleplay,role play,persona
            analyze,analyse,analysis,evaluate,assess,critique,review
            meaning,define,definition,what does,synonym,synonyms,word for,called
            interview,questions
            word,letter,letters,sentence
            paragraph,paragraphs
            page,pages
            prove,proof,theorem,derive
            business,marketing,product,company,strategy,proposal
            sentiment,extract,category,categories,label,answer with,output,return
            what is,what's,what are,what were,what was
            who is,who was,who are,who were
            how many,how much,how long,how old,how far,how tall,how big,how often
            how do,how to,how can,how would,how should,how does,how did
            ^why,how come
            tell me about,tell me more
            can you,could you,would you
            a list of,several,various,different,multiple,some,many
            a word,one word,single word,a sentence,single sentence,a phrase,one phrase,a name,one name,a title,one title,one line,single line,a line
            one sentence,two sentences,two sentence,single sentence,in a sentence
            rewrite,rephrase,paraphrase,reword,edit,correct,fix,proofread,grammar,convert,change,transform,replace,modify
            translate,translation
            summarize,summarise,summary,main point,main points,main idea,key points,abstract
            classify,category,categories,sentiment,positive,negative,neutral,label,spam
            true or false,yes or no,multiple choice,option,options,choose,select,which of the,correct answer
            sql,select,query,database
            function,def,class,method,script,implementation,implement
            python,javascript,java,c++,c#,rust,html,css,react,bash,linux,shell,excel,matlab,typescript,golang,php,ruby,swift,kotlin
            essay,article,blog
            story,tale,novel,narrative,plot
            poem,sonnet,verse
            song,lyrics,rap
            script,screenplay,dialogue,conversation,scene
            email,e mail
            letter,cover letter
            haiku,limerick,joke,riddle,pun
            recipe,ingredients
            review
            resume,cv,job description,linkedin
            tweet,twitter,instagram,facebook,social media,post
            outline,plan,roadmap,strategy,proposal,agenda
            speech,presentation,slides,pitch
            explain
            describe
            discuss,argue,debate
            compare,difference between,differences
            like i'm five,like i'm 5,to a child,to a kid,simple terms,layman
            give me,provide,list,name,suggest
            example,examples
            idea,ideas
            reason,reasons,ways,tips,steps,benefits
            advice,should i,help me,recommend
            capital,president,population,year,date,country,city,born,died,invented,founded
            movie,movies,film,films,book,books,music,band,bands,actor,actors,game,games,sport,sports,team,teams
            health,medical,doctor,symptom,symptoms,disease,diet,drug,drugs
            law,legal,tax,taxes,financial,invest,stock,stocks,economy,economic
            science,physics,chemistry,biology,quantum,theory,algorithm,machine learning,neural
            sum,product,average,probability,percent,equation,solve,calculate,area,integral
            include,including,make sure,must,should,ensure,also
            do not,don't,without,avoid,never,no
            each,every,all
            and then,then,after that,finally,first,second
            kill,bomb,hack,illegal,steal,weapon,suicide,racist,sex,porn,attack
            today,current,latest,now,recent,weather,news
            you,your,yourself
            chatgpt,gpt,ai,language model,assistant,openai
            roleplay,play a game,game,simulate,terminal,respond as
            ^what
            ^how
            ^write
            ^who
            ^give
            ^can
            ^i
            ^is
            ^the
            ^explain
            ^create
            ^in
            ^you
            ^generate
            ^list
            ^describe
            ^tell
            ^which
            ^make
            ^when
            ^where
            ^do
            ^are
            ^find
            ^if
            ^please
            ^a
            ^given
            ^design
            ^provide
            ^could
            ^should
            ^suggest
            ^come
            ^for
            ^compose
            ^develop
            ^identify
            ^rewrite
            ^translate
            ^summarize
            ^classify
            ^use
            ^my
            ^hi
            ^convert
            ^think
            ^show
            ^name
            ^answer
            ^read
            ^help
            ^what's
            ^does
            """;

    private static final int LONGEST_PHRASE = 3;

    private final Map<String, List<Integer>> anywhere = new HashMap<>();
    private final Map<String, List<Integer>> atBeginning = new HashMap<>();
    private final int size;

    CueLexicon() {
        List<String> lines = PHRASES.lines().toList();
        for (int cue = 0; cue < lines.size(); cue++) {
            String line = lines.get(cue);
            boolean first = line.startsWith("^");
            for (String phrase : (first ? line.substring(1) : line).split(",", -1)) {
                (first ? atBeginning : anywhere)
                        .computeIfAbsent(phrase, key -> new ArrayList<>())
                        .add(cue);
            }
        }
        size = lines.size();
    }

    int size() {
        return size;
    }

    /** Sets to 1 what the words say, from {@code offset} of {@code into}. */
    void mark(List<String> words, float[] into, int offset) {
        for (int i = 0; i < words.size(); i++) {
            StringBuilder phrase = new StringBuilder();
            for (int length = 1; length <= LONGEST_PHRASE && i + length <= words.size(); length++) {
                phrase.append(length == 1 ? "" : " ").append(words.get(i + length - 1));
                set(anywhere, phrase.toString(), into, offset);
                if (i == 0) {
                    set(atBeginning, phrase.toString(), into, offset);
                }
            }
        }
    }

    private static void set(Map<String, List<Integer>> cues, String phrase, float[] into, int offset) {
        for (int cue : cues.getOrDefault(phrase, List.of())) {
            into[offset + cue] = 1;
        }
    }
}
