// Language: `setjmp`, `longjmp`
// expect: setjmp.h' file not found
#include <csetjmp>
std::jmp_buf place;
int uses() { return setjmp(place); }
