// expect: Register needs a class: an HttpContext, a RootContext, or both
#include <sluice/sluice.h>

static sluice::Register<> registration;
