// The parts of `sluice run` and `sluice config` that need no Envoy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>

#include "deploy/yaml.h"
#include "proxy/secrets.h"
#include "proxy/settings.h"

namespace sluice {
namespace {

using envoy::Chain;
using proxy::Server;

TEST(ToYaml, KeepsEveryText) {
  for (const std::string text : {"",
                                 " ",
                                 "plain",
                                 "~",
                                 "null",
                                 "Null",
                                 "true",
                                 "yes",
                                 "12",
                                 "1e3",
                                 "0x1f",
                                 "-",
                                 "- a",
                                 "a: b",
                                 "a #b",
                                 "#",
                                 "&a",
                                 "*a",
                                 "!a",
                                 "|",
                                 ">",
                                 "%a",
                                 "@a",
                                 "`a",
                                 "'",
                                 "\"",
                                 "\\",
                                 "{a}",
                                 "[a]",
                                 "a\n",
                                 "a\nb",
                                 "a\nb\n",
                                 "a\n\n",
                                 "\na\n",
                                 " a\nb\n",
                                 "a\n b\n",
                                 "a \nb\n",
                                 "a\tb",
                                 "\ta\n",
                                 "a\r\nb\r\n",
                                 "a: |\n  b\n",
                                 "---\n",
                                 "...\n",
                                 "# a\n",
                                 "ü ☃ 😀",
                                 "\x01\x7f",
                                 "\xc2\x85",
                                 "\xe2\x80\xa8",
                                 "\xef\xbb\xbf",
                                 "2026-11-25",
                                 "a,b",
                                 "=",
                                 "<<"}) {
    const nlohmann::ordered_json json = {{text + "k", {{"list", {text, {{"inner", text}}}}}}, {"last", text}};
    const YAML::Node read = YAML::Load(deploy::toYaml(json));
    EXPECT_EQ(read["last"].as<std::string>(), text) << deploy::toYaml(json);
    EXPECT_TRUE(read["last"].IsScalar());
    const YAML::Node list = read[text + "k"]["list"];
    EXPECT_EQ(list[0].as<std::string>(), text) << deploy::toYaml(json);
    EXPECT_EQ(list[1]["inner"].as<std::string>(), text) << deploy::toYaml(json);
  }
}

TEST(ToYaml, KeepsTheOrderAndEmptyThings) {
  const nlohmann::ordered_json json = {{"z", 1},
                                       {"a", true},
                                       {"m", nullptr},
                                       {"o", nlohmann::ordered_json::object()},
                                       {"l", nlohmann::ordered_json::array()}};
  EXPECT_EQ(deploy::toYaml(json), "z: 1\na: true\nm: ~\no: {}\nl: []\n");
}

TEST(ReadServer, ReadsUrls) {
  const auto is = [](const std::string& url, Chain chain, const std::string& host, int port, Server::Protocol protocol,
                     bool tls) {
    const Server server = proxy::readServer(url, chain);
    EXPECT_EQ(server.host, host) << url;
    EXPECT_EQ(server.port, port) << url;
    EXPECT_EQ(server.protocol, protocol) << url;
    EXPECT_EQ(server.tls, tls) << url;
  };
  using Protocol = Server::Protocol;
  is("http://a.example", Chain::Http, "a.example", 80, Protocol::Http1, false);
  is("https://a/", Chain::Http, "a", 443, Protocol::Http1, true);
  is("h2c://[::1]:81", Chain::Http, "::1", 81, Protocol::Http2, false);
  is("127.0.0.1:65535", Chain::Http, "127.0.0.1", 65535, Protocol::Http1, false);
  is("a:1", Chain::Network, "a", 1, Protocol::Tcp, false);
  is("tls://a:1", Chain::Network, "a", 1, Protocol::Tcp, true);
}

TEST(ReadServer, RefusesEverythingElse) {
  for (const char* url : {"", "http://", "ftp://a", "http://a/path", "http://a:0", "http://a:65536", "http://a:b",
                          "a b", "http://u@a", "http://a?b", "tcp://a:1", "http://[::1"}) {
    EXPECT_THROW(proxy::readServer(url, Chain::Http), std::runtime_error) << url;
  }
  for (const char* url : {"a", "http://a:1", "tcp://a", "tcp://a:0"}) {
    EXPECT_THROW(proxy::readServer(url, Chain::Network), std::runtime_error) << url;
  }
}

TEST(ReplaceSecrets, ReplacesThemWhereverTheyStand) {
  proxy::TappedExchange exchange;
  exchange.clientRequest.headers = {
      {"authorization", "Bearer my-token"}, {"cookie", "a=first1; b=\"second\""}, {"x", "a=first"}};
  exchange.upstreamRequest.headers = {{"x-token", "my-token"}, {"accept", "text/plain"}};
  exchange.upstreamResponse.headers = {{"set-cookie", "id=12345678; Path=/"}};
  exchange.upstreamResponse.chunks = {R"(you are my-token, "a=first1; b=\"second\"")"};
  exchange.clientResponse.trailers = {{"set-cookie", "short"}, {"y", "12345678"}};
  proxy::replaceSecrets(exchange);
  EXPECT_EQ(exchange.clientRequest.headers,
            (host::Headers{{"authorization", "SECRET"}, {"cookie", "SECRET"}, {"x", "a=first"}}));
  EXPECT_EQ(exchange.upstreamRequest.headers, (host::Headers{{"x-token", "SECRET"}, {"accept", "text/plain"}}));
  EXPECT_EQ(exchange.upstreamResponse.headers, (host::Headers{{"set-cookie", "SECRET"}}));
  EXPECT_EQ(exchange.upstreamResponse.body(), R"(you are SECRET, "SECRET")");
  EXPECT_EQ(exchange.clientResponse.trailers, (host::Headers{{"set-cookie", "SECRET"}, {"y", "SECRET"}}));
}

}  // namespace
}  // namespace sluice
