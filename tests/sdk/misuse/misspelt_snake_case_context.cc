// expect: on_context_create is no callback and would never be called: did you mean `onCreate … override`?
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  void on_context_create() {}
};

static sluice::Register<Filter> registration;
