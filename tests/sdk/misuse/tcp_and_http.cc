// expect: Register takes one RootContext, and one HttpContext or TcpContext
#include <sluice/sluice.h>

class A : public sluice::HttpContext {};
class B : public sluice::TcpContext {};
static sluice::Register<A, B> registration;
