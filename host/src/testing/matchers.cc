#include "sluice/testing/matchers.h"

#include <utility>

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Matcher;
using ::testing::PrintToString;
using ::testing::Property;

using ValuesMatcher = Matcher<const std::vector<std::string>&>;

// Matches headers whose values of `name` match `values`. ResultOf would do, but it does not show the header's name.
MATCHER_P2(HeaderValues, name, values,
           std::string(negation ? "doesn't have" : "has") + " a list of values of \"" + name + "\" that " +
               ::testing::DescribeMatcher<const std::vector<std::string>&>(values)) {
  const auto actual = host::headerValues(arg, name);
  if (actual.empty()) {
    *result_listener << "which has no header \"" << name << "\"";
  } else {
    *result_listener << "whose \"" << name << "\" is " << PrintToString(actual);
  }
  return values.Matches(actual);
}

// Matches metrics in which the one with this name and these tags has a matching value.
MATCHER_P3(MetricValue, name, tags, value,
           std::string(negation ? "has no" : "has a") + " metric " + host::describeMetricName(name, tags) +
               " with a value that " + ::testing::DescribeMatcher<uint64_t>(value)) {
  const host::Metric* metric = host::findMetric(arg, name, tags);
  if (metric == nullptr) {
    *result_listener << "which has no such metric; there are:";
    for (const auto& [defined, other] : arg) *result_listener << " " << host::describeMetricName(defined);
    return false;
  }
  *result_listener << "where it is a " << PrintToString(*metric);
  return metric->type != MetricType::Histogram && value.Matches(metric->value);
}

}  // namespace

Matcher<const host::MetricMap&> HasMetric(std::string name, Matcher<uint64_t> value) {
  return MetricValue(std::move(name), host::Tags(), std::move(value));
}

Matcher<const host::MetricMap&> HasMetric(std::string name, host::Tags tags, Matcher<uint64_t> value) {
  return MetricValue(std::move(name), std::move(tags), std::move(value));
}

Matcher<const host::Headers&> HasHeader(std::string name, StringMatcher value) {
  return HeaderValues(std::move(name), ValuesMatcher(Contains(value)));
}

Matcher<const host::Headers&> HasHeaderValues(std::string name, std::vector<std::string> values) {
  return HeaderValues(std::move(name), ValuesMatcher(ElementsAreArray(values)));
}

Matcher<const host::Headers&> HasNoHeader(std::string name) {
  return HeaderValues(std::move(name), ValuesMatcher(IsEmpty()));
}

Matcher<const host::Message&> HasBody(StringMatcher body) { return Property("body", &host::Message::body, body); }

Matcher<const host::Message&> HasStatus(int status) { return Property("status", &host::Message::status, status); }

Matcher<const host::Exchange&> IsLocalResponse(int status, StringMatcher body) {
  return AllOf(Field("localResponse", &host::Exchange::localResponse, true),
               Field("response", &host::Exchange::response, AllOf(HasStatus(status), HasBody(body))));
}

Matcher<const host::LogLine&> LogLine(LogLevel level, StringMatcher text) {
  return AllOf(Field("level", &host::LogLine::level, level), Field("text", &host::LogLine::text, text));
}

}  // namespace sluice::testing
