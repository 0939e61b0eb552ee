// Test a filter in a few lines: a fixture that loads the filter named by $SLUICE_FILTER, and matchers.
//
//   class AddHeader : public sluice::testing::FilterTest {};
//
//   TEST_F(AddHeader, AddsTheConfiguredHeader) {
//     ASSERT_TRUE(start({.configuration = "hello: tomorrow"}));
//     auto exchange = send(get("/"), ok("body"));
//     EXPECT_THAT(exchange.response.headers, HasHeader("hello", "tomorrow"));
//   }
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/host/host.h"
#include "sluice/testing/matchers.h"

namespace sluice::testing {

/// The names of the mock host that tests use, so that `using namespace sluice::testing` is enough.
/// @{
using host::Counts;
using host::Error;
using host::ErrorKind;
using host::Exchange;
using host::FailPolicy;
using host::get;
using host::GrpcCall;
using host::GrpcReply;
using host::GrpcService;
using host::GrpcStream;
using host::Headers;
using host::HttpStream;
using host::Message;
using host::ok;
using host::Plugin;
using host::PluginOptions;
using host::post;
using host::Profile;
using host::Received;
using host::respond;
using host::TcpStream;
/// @}

/// A host for a test. A trap that the test does not expect fails the test: when the host is destroyed, or when
/// reportTraps() is called.
class Host : public host::Host {
 public:
  /// Makes a host that behaves as `profile` says.
  explicit Host(Profile profile = Profile::envoy()) : host::Host(std::move(profile)) {}
  /// Ends all filters and reports their traps.
  ~Host();

  /// Says that the test expects traps. See also errors().
  void expectTraps() { trapsExpected_ = true; }
  /// Fails the test for each trap that has happened and that it has not failed for yet, unless the test expects traps.
  void reportTraps();

 private:
  bool trapsExpected_ = false;
  size_t reported_ = 0;  // The first ones of errors().
};

/// The path in the environment variable SLUICE_FILTER. When it is not set, fails the test with a message that says what
/// to do.
std::string filterPath();

/// A test with one host and, once start() has been called, one filter. An unexpected trap fails the test.
class FilterTest : public ::testing::Test {
 protected:
  /// Makes a host that behaves as `profile` says; a subclass chooses another profile in its constructor.
  explicit FilterTest(Profile profile = Profile::envoy());
  ~FilterTest() override;
  /// Ends the streams and the filters. Fails the test when a filter trapped and the test did not call expectTraps().
  void TearDown() override;

  /// Loads the filter and configures it. Returns a failure with the reason and the log when the filter refuses its
  /// configuration or traps. Call it again to load a further filter; plugin() and send() then use the latest.
  ::testing::AssertionResult start(PluginOptions options = {});

  /// Plays a whole exchange through the filter; see Plugin::send().
  Exchange send(const Message& request, const Message& response = ok());
  /// Opens an HTTP stream that the test plays step by step; it lives as long as the test.
  HttpStream& openStream();
  /// Opens a TCP connection that the test plays step by step; it lives as long as the test.
  TcpStream& openTcpStream();
  /// Moves the host's clock forward and runs the ticks, timeouts and replies that fall due on the way.
  void advance(std::chrono::nanoseconds duration) { host().advance(duration); }

  /// Says that the test expects traps: TearDown then accepts them. See also host().errors().
  void expectTraps() { host().expectTraps(); }

  /// What TearDown() prints when the test has failed: who waited for what in the last send() without a response, and
  /// calls to clusters that have not been added.
  [[nodiscard]] std::string notes() const;

  /// The host that the filter runs in.
  [[nodiscard]] Host& host() { return *host_; }
  /// The filter that start() loaded last.
  [[nodiscard]] Plugin& plugin();
  /// The lines that filters have logged, oldest first.
  [[nodiscard]] const std::vector<host::LogLine>& logs() const { return host_->logs(); }

 private:
  std::unique_ptr<Host> host_;
  std::vector<std::shared_ptr<Plugin>> plugins_;
  std::vector<std::unique_ptr<HttpStream>> streams_;
  std::vector<std::unique_ptr<TcpStream>> tcpStreams_;
  std::string lastWaiting_;  // See Received::waiting.
};

}  // namespace sluice::testing
