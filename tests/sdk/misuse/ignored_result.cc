// expect: ignoring return
#include <sluice/sluice.h>

void drop(const sluice::HeaderMap& headers) { headers.get("a"); }
