// expect: onDownstreamClose is no callback and would never be called
#include <sluice/sluice.h>

class A : public sluice::TcpContext {
 public:
  void onDownstreamClose(sluice::PeerType) {}
};
static sluice::Register<A> registration;
