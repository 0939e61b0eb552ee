#include "sluice/testing/matchers.h"

#include <algorithm>

#include "sluice/host/text.h"

namespace sluice::host {
namespace {

// Bytes of a header or a body that a failure message shows.
constexpr size_t kMaxShown = 512;

void showHeaders(const Headers& headers, const char* indent, std::ostream* out) {
  for (const auto& [name, value] : headers) *out << "\n" << indent << name << ": " << quote(value, kMaxShown);
  if (headers.empty()) *out << "\n" << indent << "(none)";
}

}  // namespace

void PrintTo(const LogLine& line, std::ostream* out) { *out << "\n  " << toString(line.level) << ": " << line.text; }

void PrintTo(const Message& message, std::ostream* out) {
  showHeaders(message.headers, "  ", out);
  *out << "\n  body: " << quote(message.body(), kMaxShown);
  if (!message.trailers.empty()) {
    *out << "\n  trailers:";
    showHeaders(message.trailers, "    ", out);
  }
}

void PrintTo(const Exchange& exchange, std::ostream* out) {
  *out << "\nthe upstream received" << (exchange.request.started ? ":" : " nothing");
  if (exchange.request.started) PrintTo(static_cast<const Message&>(exchange.request), out);
  *out << "\nthe client received" << (exchange.response.started ? "" : " nothing")
       << (exchange.localResponse ? " (a local response)" : "")
       << (exchange.response.reset ? " (the stream was reset)" : "") << ":";
  if (exchange.response.started) PrintTo(static_cast<const Message&>(exchange.response), out);
  *out << "\ndetails: " << exchange.details;
}

}  // namespace sluice::host

namespace sluice::testing {
namespace {

using ::testing::Matcher;
using ::testing::MatcherInterface;
using ::testing::MatchResultListener;

std::string describe(const StringMatcher& matcher, bool negation = false) {
  std::ostringstream text;
  if (negation) {
    matcher.DescribeNegationTo(&text);
  } else {
    matcher.DescribeTo(&text);
  }
  return text.str();
}

/// Says which headers there are that look like the wanted one, or all names when none does.
void explainMissing(const host::Headers& headers, const std::string& name, MatchResultListener* listener) {
  *listener << "which has no header \"" << name << "\"; it has";
  for (const auto& [entry, value] : headers)
    *listener << " " << entry << ": " << ::testing::PrintToString(value) << ";";
  if (headers.empty()) *listener << " none";
}

class HeaderMatcher final : public MatcherInterface<const host::Headers&> {
 public:
  HeaderMatcher(std::string name, StringMatcher value) : name_(std::move(name)), value_(std::move(value)) {}
  bool MatchAndExplain(const host::Headers& headers, MatchResultListener* listener) const override {
    auto values = host::headerValues(headers, name_);
    if (values.empty()) {
      explainMissing(headers, name_, listener);
      return false;
    }
    bool found = std::any_of(values.begin(), values.end(), [&](const auto& value) { return value_.Matches(value); });
    *listener << "whose \"" << name_ << "\" is " << ::testing::PrintToString(values);
    return found;
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "has a header \"" << name_ << "\" whose value " << describe(value_);
  }
  void DescribeNegationTo(std::ostream* out) const override {
    *out << "has no header \"" << name_ << "\" whose value " << describe(value_);
  }

 private:
  std::string name_;
  StringMatcher value_;
};

class HeaderValuesMatcher final : public MatcherInterface<const host::Headers&> {
 public:
  HeaderValuesMatcher(std::string name, std::vector<std::string> values)
      : name_(std::move(name)), values_(std::move(values)) {}
  bool MatchAndExplain(const host::Headers& headers, MatchResultListener* listener) const override {
    auto actual = host::headerValues(headers, name_);
    if (actual.empty() && !values_.empty()) {
      explainMissing(headers, name_, listener);
    } else {
      *listener << "whose \"" << name_ << "\" is " << ::testing::PrintToString(actual);
    }
    return actual == values_;
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "has a header \"" << name_ << "\" with the values " << ::testing::PrintToString(values_);
  }

 private:
  std::string name_;
  std::vector<std::string> values_;
};

class NoHeaderMatcher final : public MatcherInterface<const host::Headers&> {
 public:
  explicit NoHeaderMatcher(std::string name) : name_(std::move(name)) {}
  bool MatchAndExplain(const host::Headers& headers, MatchResultListener* listener) const override {
    auto values = host::headerValues(headers, name_);
    if (!values.empty()) *listener << "whose \"" << name_ << "\" is " << ::testing::PrintToString(values);
    return values.empty();
  }
  void DescribeTo(std::ostream* out) const override { *out << "has no header \"" << name_ << "\""; }

 private:
  std::string name_;
};

class BodyMatcher final : public MatcherInterface<const host::Message&> {
 public:
  explicit BodyMatcher(StringMatcher body) : body_(std::move(body)) {}
  bool MatchAndExplain(const host::Message& message, MatchResultListener* listener) const override {
    const std::string body = message.body();
    *listener << "whose body has " << body.size() << " bytes";
    return body_.MatchAndExplain(body, listener);
  }
  void DescribeTo(std::ostream* out) const override { *out << "has a body that " << describe(body_); }

 private:
  StringMatcher body_;
};

class StatusMatcher final : public MatcherInterface<const host::Message&> {
 public:
  explicit StatusMatcher(int status) : status_(status) {}
  bool MatchAndExplain(const host::Message& message, MatchResultListener* listener) const override {
    *listener << "whose status is " << message.status();
    return message.status() == status_;
  }
  void DescribeTo(std::ostream* out) const override { *out << "has the status " << status_; }

 private:
  int status_;
};

class LocalResponseMatcher final : public MatcherInterface<const host::Exchange&> {
 public:
  LocalResponseMatcher(int status, StringMatcher body) : status_(status), body_(std::move(body)) {}
  bool MatchAndExplain(const host::Exchange& exchange, MatchResultListener* listener) const override {
    if (!exchange.localResponse) {
      *listener << (exchange.response.started ? "in which the upstream answered" : "in which nobody answered");
      return false;
    }
    const std::string body = exchange.response.body();
    *listener << "in which the local response has the status " << exchange.response.status() << " and the body "
              << ::testing::PrintToString(body);
    return exchange.response.status() == status_ && body_.Matches(body);
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "was answered by a local response with the status " << status_ << " and a body that " << describe(body_);
  }

 private:
  int status_;
  StringMatcher body_;
};

class LogLineMatcher final : public MatcherInterface<const host::LogLine&> {
 public:
  LogLineMatcher(LogLevel level, StringMatcher text) : level_(level), text_(std::move(text)) {}
  bool MatchAndExplain(const host::LogLine& line, MatchResultListener* listener) const override {
    if (line.level != level_) {
      *listener << "whose level is " << toString(line.level);
      return false;
    }
    return text_.MatchAndExplain(line.text, listener);
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "is a line of level " << toString(level_) << " whose text " << describe(text_);
  }

 private:
  LogLevel level_;
  StringMatcher text_;
};

}  // namespace

Matcher<const host::Headers&> HasHeader(std::string name, StringMatcher value) {
  return Matcher<const host::Headers&>(new HeaderMatcher(std::move(name), std::move(value)));
}
Matcher<const host::Headers&> HasHeaderValues(std::string name, std::vector<std::string> values) {
  return Matcher<const host::Headers&>(new HeaderValuesMatcher(std::move(name), std::move(values)));
}
Matcher<const host::Headers&> HasNoHeader(std::string name) {
  return Matcher<const host::Headers&>(new NoHeaderMatcher(std::move(name)));
}
Matcher<const host::Message&> HasBody(StringMatcher body) {
  return Matcher<const host::Message&>(new BodyMatcher(std::move(body)));
}
Matcher<const host::Message&> HasStatus(int status) { return Matcher<const host::Message&>(new StatusMatcher(status)); }
Matcher<const host::Exchange&> IsLocalResponse(int status, StringMatcher body) {
  return Matcher<const host::Exchange&>(new LocalResponseMatcher(status, std::move(body)));
}
Matcher<const host::LogLine&> LogLine(LogLevel level, StringMatcher text) {
  return Matcher<const host::LogLine&>(new LogLineMatcher(level, std::move(text)));
}

}  // namespace sluice::testing
