#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "sluice/testing.h"

namespace sluice::testing {
namespace {

/// The filter's log for a failure message.
std::string logText(const Host& host) {
  if (host.logs().empty()) return "\nIt logged nothing.";
  return "\nIt logged:" + ::testing::PrintToString(host.logs());
}

}  // namespace

std::string filterPath() {
  const char* path = std::getenv("SLUICE_FILTER");
  if (path != nullptr && *path != '\0') return path;
  throw Error(
      ErrorKind::Usage,
      "SLUICE_FILTER is not set: it has to name the filter that this test is for, its .wasm module or the shared "
      "library of its native build. ctest sets it (sluice_add_filter_test); by hand: "
      "SLUICE_FILTER=path/to/filter.wasm " +
          std::string("<this program>"));
}

Host::~Host() {
  shutdown();
  // A host that outlives the tests has no test to fail.
  if (::testing::UnitTest::GetInstance()->current_test_info() != nullptr) reportTraps();
}

void Host::reportTraps() {
  // clearErrors() may have removed some.
  for (size_t i = std::min(reported_, errors().size()); i < errors().size() && !trapsExpected_; ++i) {
    ADD_FAILURE() << "The filter failed (call expectTraps() where a test means it to): " << errors()[i].what();
  }
  reported_ = errors().size();
}

FilterTest::FilterTest(Profile profile) : host_(std::make_unique<Host>(std::move(profile))) {}
FilterTest::~FilterTest() = default;

void FilterTest::TearDown() {
  streams_.clear();
  tcpStreams_.clear();
  plugins_.clear();
  host_->reportTraps();
  if (HasFailure()) std::cerr << notes();
}

::testing::AssertionResult FilterTest::start(PluginOptions options) {
  try {
    plugins_.push_back(host_->load(filterPath(), std::move(options)));
  } catch (const Error& error) {
    return ::testing::AssertionFailure() << error.what();
  }
  if (plugin().failure()) {
    return ::testing::AssertionFailure() << "The filter failed while it started: " << plugin().failure()->what()
                                         << logText(*host_);
  }
  if (!plugin().configured()) {
    return ::testing::AssertionFailure() << "The filter refused its configuration." << logText(*host_);
  }
  return ::testing::AssertionSuccess();
}

Exchange FilterTest::send(const Message& request, const Message& response) {
  Exchange exchange = plugin().send(request, response);
  if (!exchange.response.waiting.empty()) lastWaiting_ = exchange.response.waiting;
  return exchange;
}

std::string FilterTest::notes() const {
  std::string text;
  if (!lastWaiting_.empty()) text = "Note: send() got no whole response: " + lastWaiting_ + ".\n";
  for (const auto& message : host_->unknownClusters()) text += "Note: " + message + ".\n";
  return text;
}

HttpStream& FilterTest::openStream() {
  streams_.push_back(plugin().openStream());
  return *streams_.back();
}

TcpStream& FilterTest::openTcpStream() {
  tcpStreams_.push_back(plugin().openTcpStream());
  return *tcpStreams_.back();
}

Plugin& FilterTest::plugin() {
  if (plugins_.empty()) throw Error(ErrorKind::Usage, "no filter has been loaded: call start() first.");
  return *plugins_.back();
}

}  // namespace sluice::testing
