// expect: Register needs a class: an HttpContext or a TcpContext, a RootContext, or one of each
#include <sluice/sluice.h>

static sluice::Register<> registration;
