// Two filters with a root_id each, and no filter for other root_ids.
#include "sluice/sluice.h"

using namespace sluice;

namespace {

class First : public RootContext {
 public:
  void onCreate() override { logInfo("first"); }
};
class Second : public RootContext {
 public:
  void onCreate() override { logInfo("second"); }
};

Register<First> first("first");
Register<Second> second("second");

}  // namespace
