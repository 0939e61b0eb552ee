const char* textOfArchive(void) { return "built elsewhere"; }
