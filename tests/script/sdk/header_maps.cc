#include <optional>

#include "steps.h"

using namespace sluice;

namespace script {

namespace {

std::optional<HeaderMap> mapOf(std::string_view object) {
  if (object == "requestHeaders") return HeaderMap(MapType::HttpRequestHeaders);
  if (object == "requestTrailers") return HeaderMap(MapType::HttpRequestTrailers);
  if (object == "responseHeaders") return HeaderMap(MapType::HttpResponseHeaders);
  if (object == "responseTrailers") return HeaderMap(MapType::HttpResponseTrailers);
  return std::nullopt;
}

// Sets all headers except those named in the arguments in reverse order: passes views from getAll() to setAll().
Status setAllFromViews(HeaderMap map, const Call& call) {
  const auto pairs = map.getAll();
  if (!pairs) return pairs.status();
  std::vector<Header> headers;
  for (const auto header : *pairs) {
    if (header.name != call.text(0)) headers.insert(headers.begin(), header);
  }
  return map.setAll(headers);
}

}  // namespace

bool callHeaderMap(const Call& call) {
  const auto map = mapOf(objectOf(call.function));
  if (!map) return false;
  const auto method = methodOf(call.function);
  if (method == "get") {
    call.report(map->get(call.text(0)));
  } else if (method == "getAll") {
    call.report(map->getAll());
  } else if (method == "find") {
    const auto pairs = map->getAll();
    if (!pairs) {
      call.report(pairs.status());
    } else {
      const auto found = pairs->find(call.text(0));
      call.reportValue(found == pairs->end() ? std::string_view("none") : (*found).value);
    }
  } else if (method == "add") {
    call.report(map->add(call.text(0), call.text(1)));
  } else if (method == "replace") {
    call.report(map->replace(call.text(0), call.text(1)));
  } else if (method == "remove") {
    call.report(map->remove(call.text(0)));
  } else if (method == "setAll") {
    call.report(map->setAll(call.headers(0)));
  } else if (method == "setAllInBraces") {
    call.report(map->setAll({{"a", "1"}, {"b", call.text(0)}}));
  } else if (method == "setAllFromViews") {
    call.report(setAllFromViews(*map, call));
  } else if (method == "byteSize") {
    call.report(map->byteSize());
  } else {
    return false;
  }
  return true;
}

}  // namespace script
