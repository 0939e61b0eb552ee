const char* words();
