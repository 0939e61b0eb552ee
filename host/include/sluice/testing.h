// A filter's test in a few lines: a fixture that loads the filter named by $SLUICE_FILTER, and matchers.
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
#include <vector>

#include "sluice/host/host.h"
#include "sluice/testing/matchers.h"

namespace sluice::testing {

/// What tests use of the mock host, to be had with `using namespace sluice::testing`.
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
using host::Host;
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

/// The path in the environment variable SLUICE_FILTER. Fails the test, with what to do about it, when it is not set.
std::string filterPath();

/// A test with one host and, once start() has been called, one filter. A trap that the test does not expect fails it.
class FilterTest : public ::testing::Test {
 protected:
  /// A host that behaves as `profile` says; a subclass chooses another in its constructor.
  explicit FilterTest(Profile profile = Profile::envoy());
  ~FilterTest() override;
  /// Fails the test for traps that it did not expect.
  void TearDown() override;

  /// Loads the filter and configures it. False, with the reason and the log, when the filter refuses its configuration
  /// or traps. Call it again for a further filter; plugin() and send() then mean the latest.
  ::testing::AssertionResult start(PluginOptions options = {});

  /// Plays a whole exchange through the filter.
  Exchange send(const Message& request, const Message& response = ok());
  /// Opens a stream to be played step by step; it lives as long as the test.
  HttpStream& openStream();
  /// Opens a TCP connection to be played step by step; it lives as long as the test.
  TcpStream& openTcpStream();
  /// Moves the clock on; ticks and timeouts on the way happen.
  void advance(std::chrono::nanoseconds duration) { host().advance(duration); }

  /// Traps from here on are expected: TearDown lets them pass. See also host().errors().
  void expectTraps() { trapsExpected_ = true; }

  /// The host that the filter runs in.
  [[nodiscard]] Host& host() { return *host_; }
  /// The latest filter that start() loaded.
  [[nodiscard]] Plugin& plugin();
  /// What filters have logged, oldest first.
  [[nodiscard]] const std::vector<host::LogLine>& logs() const { return host_->logs(); }

 private:
  std::unique_ptr<Host> host_;
  std::vector<std::shared_ptr<Plugin>> plugins_;
  std::vector<std::unique_ptr<HttpStream>> streams_;
  std::vector<std::unique_ptr<TcpStream>> tcpStreams_;
  bool trapsExpected_ = false;
};

}  // namespace sluice::testing
