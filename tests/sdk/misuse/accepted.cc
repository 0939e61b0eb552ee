// expect: success
#include <sluice/sluice.h>

class Root : public sluice::RootContext {
 public:
  bool onConfigure(size_t) override { return true; }
};

class Stream : public sluice::HttpContext {
 public:
  explicit Stream(Root&) {}
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    return sluice::FilterHeadersStatus::Continue;
  }
  void onLog() noexcept override {}
};

static sluice::Register<Root, Stream> registration;

class Connection : public sluice::TcpContext {
 public:
  explicit Connection(Root&) {}
  sluice::FilterStatus onDownstreamData(size_t, bool) override { return sluice::FilterStatus::Continue; }
};

static sluice::Register<Root, Connection> tcp("tcp");
