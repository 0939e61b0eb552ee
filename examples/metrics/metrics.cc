// Counts requests and measures their sizes and durations, by route and by the class of the response's status.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/host_failure.h"
#include "common/json.h"
#include "common/path.h"
#include "sluice/sluice.h"

using namespace sluice;

// A host never deletes a metric, so the number of label sets is limited: the routes and the two below, times the
// classes.
constexpr uint32_t kMaxRoutes = 200;
constexpr std::string_view kUnmatched = "unmatched";  // no route matches
constexpr std::string_view kOther = "other";          // more routes than the limit
constexpr std::string_view kClasses[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr size_t kMaxSets = (kMaxRoutes + 2) * std::size(kClasses);
constexpr std::string_view kTags[] = {"route", "code_class"};

class MetricsRoot : public RootContext {
 public:
  // The metrics of one route and class.
  struct Series {
    Counter& requests;
    Histogram& requestBytes;
    Histogram& responseBytes;
    Histogram& duration;
  };

  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  /// The metrics for a request for `path` with the response status `code`; 0 means no response.
  const Series& seriesOf(std::string_view path, uint64_t code);

 private:
  struct Route {
    std::string path;  // "" for a route of the host
    std::string name;
    // Looked up only once, because names with labels are long.
    std::optional<Series> classes[std::size(kClasses)] = {};
  };

  bool configure(json::Value root) {
    return root.isObjectOf({"routes", "max_routes"}) && root.read("max_routes", maxRoutes_, 1, kMaxRoutes) &&
           readRoutes(root);
  }
  bool readRoutes(json::Value root);
  Route& routeOf(std::string_view path);
  Route& hostRoute();

  bool goesByPath_ = false;
  uint32_t maxRoutes_ = 50;
  std::vector<Route> routes_;  // the configured routes, or the host's routes seen so far
  Route unmatched_{{}, std::string(kUnmatched)};
  Route other_{{}, std::string(kOther)};

  Tagged<Counter, 2> requests_{"http_requests_total", kTags, kMaxSets};
  Tagged<Histogram, 2> requestBytes_{"http_request_bytes", kTags, kMaxSets};
  Tagged<Histogram, 2> responseBytes_{"http_response_bytes", kTags, kMaxSets};
  Tagged<Histogram, 2> duration_{"http_request_duration_ms", kTags, kMaxSets};
};

bool MetricsRoot::readRoutes(json::Value root) {
  routes_.clear();
  const auto routes = root.find("routes");
  goesByPath_ = routes.has_value();
  if (!routes) return true;
  if (!routes->isArray()) return false;
  if (const auto max = root.find("max_routes")) return max->fail("has no meaning where routes are given");
  for (const auto route : *routes) {
    std::string_view path;
    std::string_view name;
    if (!route.isObjectOf({"path", "name"}) || !route.require("path", path) || !route.require("name", name))
      return false;
    if (routes_.size() == kMaxRoutes) return route.fail("there are more than 200 routes");
    if (!path.starts_with('/')) return route.find("path")->fail("must begin with a slash");
    const bool isLabel = name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
                         std::string_view::npos;
    if (name.empty() || name.size() > 64 || !isLabel || name == kUnmatched || name == kOther)
      return route.find("name")->fail("must be 1 to 64 letters, digits, _, - and ., and neither unmatched nor other");
    routes_.push_back({std::string(path), std::string(name)});
  }
  return routes_.empty() ? routes->fail("is empty") : true;
}

MetricsRoot::Route& MetricsRoot::routeOf(std::string_view path) {
  if (!goesByPath_) return hostRoute();
  const auto fits = [&](const Route& route) { return isAtOrBelow(path, route.path); };
  const auto route = std::find_if(routes_.begin(), routes_.end(), fits);
  return route == routes_.end() ? unmatched_ : *route;
}

MetricsRoot::Route& MetricsRoot::hostRoute() {
  const auto name = getProperty(property::kRouteName);
  if (hasFailed(name.status(), "xds.route_name") || !name || name->empty()) return unmatched_;
  const auto isThis = [&](const Route& route) { return route.name == *name; };
  const auto route = std::find_if(routes_.begin(), routes_.end(), isThis);
  if (route != routes_.end()) return *route;
  if (routes_.size() == maxRoutes_) return other_;
  routes_.push_back({{}, std::string(*name)});
  return routes_.back();
}

const MetricsRoot::Series& MetricsRoot::seriesOf(std::string_view path, uint64_t code) {
  auto& route = routeOf(path);
  const auto number = static_cast<size_t>(code >= 100 && code <= 599 ? code / 100 : 0);
  auto& series = route.classes[number];
  if (!series) {
    const auto& name = route.name;
    const auto codeClass = kClasses[number];
    series.emplace(Series{requests_.with(name, codeClass), requestBytes_.with(name, codeClass),
                          responseBytes_.with(name, codeClass), duration_.with(name, codeClass)});
  }
  return *series;
}

class MetricsStream : public HttpContext {
 public:
  explicit MetricsStream(MetricsRoot& root) : root_(root) {}

  // The host itself measures everything until the end of the stream, so the filter needs no other callback.
  void onLog() override {
    const auto path = requestHeaders().get(":path");
    hasFailed(path.status(), ":path");
    const auto& series = root_.seriesOf(path.valueOr(""), read(property::kResponseCode, "response.code").value_or(0));
    warnUnlessOk(series.requests.increment(), "counting a request");
    if (const auto size = read(property::kRequestSize, "request.size"))
      warnUnlessOk(series.requestBytes.record(*size), "noting a request's size");
    if (const auto size = read(property::kResponseSize, "response.size"))
      warnUnlessOk(series.responseBytes.record(*size), "noting a response's size");
    if (const auto time = read(property::kRequestDuration, "request.duration"))
      warnUnlessOk(series.duration.record(*time / 1'000'000), "noting a request's duration");
  }

 private:
  // The value of a property, times in nanoseconds; nothing when the host does not have it.
  template <class T>
  static std::optional<uint64_t> read(const Property<T>& property, std::string_view name) {
    const auto value = getProperty(property);
    if (hasFailed(value.status(), name) || !value) return std::nullopt;
    int64_t number = 0;
    if constexpr (std::is_same_v<T, Duration>) {
      number = value->count();
    } else {
      number = *value;
    }
    return number < 0 ? std::nullopt : std::optional(static_cast<uint64_t>(number));
  }

  MetricsRoot& root_;
};

static Register<MetricsRoot, MetricsStream> registration;
