/** The host's command under its older name; main.mjs starts faster, because Node need not strip types from it. */
import './main.mjs';
