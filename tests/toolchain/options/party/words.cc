#include "words.h"

extern "C" const char* letters();

#if defined(__cpp_exceptions)
#error "compiled with exceptions, as no filter is"
#endif

const char* words() { return letters(); }
