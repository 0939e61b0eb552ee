// expect: Register takes classes derived (publicly) from sluice::RootContext, sluice::HttpContext or sluice::TcpContext
#include <sluice/sluice.h>

class Filter {};

static sluice::Register<Filter> registration;
