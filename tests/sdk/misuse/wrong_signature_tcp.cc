// expect: this onDownstreamData overrides nothing
#include <sluice/sluice.h>

class A : public sluice::TcpContext {
 public:
  sluice::FilterStatus onDownstreamData(int, bool) { return sluice::FilterStatus::Continue; }
};
static sluice::Register<A> registration;
