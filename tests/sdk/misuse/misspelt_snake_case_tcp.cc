// expect: on_upstream_connection_close is no callback and would never be called: did you mean `onUpstreamConnectionClose … override`?
#include <sluice/sluice.h>

class Filter : public sluice::TcpContext {
 public:
  void on_upstream_connection_close(sluice::PeerType) {}
};

static sluice::Register<Filter> registration;
