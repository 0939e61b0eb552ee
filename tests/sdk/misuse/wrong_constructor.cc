// expect: an HttpContext or TcpContext must be constructible from its root (`explicit MyStream(MyRoot& root)`) or from nothing, by a public constructor
#include <sluice/sluice.h>

class Stream : public sluice::HttpContext {
 public:
  explicit Stream(int) {}
};

static sluice::Register<Stream> registration;
