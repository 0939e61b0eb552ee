// <pthread.h> for filters, where the C library has none, as Debian's for WebAssembly: POSIX threads for a program with
// one thread. Locks know whether they are locked. What would wait for ever ends the VM, and no thread can be started.
#if defined(__has_include_next) && __has_include_next(<pthread.h>)
#include_next <pthread.h>
#else
#include <sluice/one_thread/pthread.h>
#endif
