// A filter that needs a deep stack, RTTI and a newer C++ than the SDK.
#include <sluice/sluice.h>

#include <cstring>
#include <string>

static_assert(__cplusplus > 202302L, "CXX_STANDARD 26 has no effect");
static_assert(FROM_OPTIONS == 7);

namespace {

struct Shape {
  virtual ~Shape() = default;
};
struct Square : Shape {};

class FeaturesRoot : public sluice::RootContext {
 public:
  bool onConfigure(size_t /*size*/) override {
    char local[200000];
    std::memset(local, 'x', sizeof local);
    sluice::logInfo(std::to_string(std::string_view(local, sizeof local).find_last_of('x')));
    Square square;
    Shape* shape = &square;
    sluice::logInfo(dynamic_cast<Square*>(shape) != nullptr ? "a square" : "no square");
    return true;
  }
};

sluice::Register<FeaturesRoot> registration;

}  // namespace
