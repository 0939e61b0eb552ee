// expect: OnNewConnection is no callback and would never be called: did you mean `onNewConnection … override`?
#include <sluice/sluice.h>

class Filter : public sluice::TcpContext {
 public:
  sluice::FilterStatus OnNewConnection() { return sluice::FilterStatus::Continue; }
};

static sluice::Register<Filter> registration;
