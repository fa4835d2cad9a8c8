package dev.littoral.engine.onnx;

import java.util.List;

/** Runs rows that wait; a failure is the work's to tell. */
interface Steps {

    /** Runs the next row of several sequences; gives the number of runs that it took. */
    int decode(List<Work> works);

    /** Runs the next rows of one sequence. */
    void run(Work work, int rows);
}
