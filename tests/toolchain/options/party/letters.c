const char* letters(void) { return PARTY_PLATFORM; }
