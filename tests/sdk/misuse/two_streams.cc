// expect: Register takes one RootContext, and one HttpContext or TcpContext: write one Register for each filter
#include <sluice/sluice.h>

class One : public sluice::HttpContext {};
class Two : public sluice::HttpContext {};

static sluice::Register<One, Two> registration;
