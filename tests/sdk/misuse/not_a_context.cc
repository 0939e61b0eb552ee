// expect: Register takes classes derived (publicly) from sluice::RootContext or sluice::HttpContext
#include <sluice/sluice.h>

class Filter {};

static sluice::Register<Filter> registration;
