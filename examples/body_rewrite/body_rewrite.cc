// Rewrites bodies while they stream: replaces text, or redacts fields of JSON. The result does not depend on how the
// body is cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "body_rewrite/body_rewriter.h"
#include "body_rewrite/body_rule.h"
#include "common/header_text.h"
#include "common/json.h"
#include "common/message_rules.h"
#include "common/refusal.h"
#include "sluice/sluice.h"
#include "sluice/whole_request.h"

using namespace sluice;

class BodyRewriteRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && rules_.parse(document.root());
  }

  const std::vector<BodyRule>& requestRules() const { return rules_.request; }
  const std::vector<BodyRule>& responseRules() const { return rules_.response; }

 private:
  MessageRules<BodyRule> rules_;
};

// Reasons why a message does not go on. If a response cannot be rewritten, the upstream is at fault.
constexpr Refusal kNotWhole{415, "the body is compressed, a part of one, or a tunnel\n", "body_rewrite_not_whole"};
constexpr Refusal kMalformed{400, "the body is malformed\n", "body_rewrite_malformed"};
constexpr Refusal kHostFailure{500, "the body cannot be rewritten\n", "body_rewrite_host_failure"};
constexpr uint32_t kBadGateway = 502;

class BodyRewriteStream : public HttpContext {
 public:
  explicit BodyRewriteStream(const BodyRewriteRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool endOfStream) override {
    return begin(request_, prepareRequest(endOfStream));
  }
  FilterDataStatus onRequestBody(size_t size, bool endOfStream) override {
    return rewrite(request_, requestBody(), size, endOfStream);
  }
  FilterTrailersStatus onRequestTrailers(uint32_t) override { return finish(request_, requestBody()); }

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    if (answered_) response_ = {};  // This filter sent the response, not the upstream: do not rewrite it.
    return begin(response_, answered_ ? nullptr : prepareResponse());
  }
  FilterDataStatus onResponseBody(size_t size, bool endOfStream) override {
    return rewrite(response_, responseBody(), size, endOfStream);
  }
  FilterTrailersStatus onResponseTrailers(uint32_t) override { return finish(response_, responseBody()); }

 private:
  struct Body {
    std::unique_ptr<BodyRewriter> rewriter;  // null: the body passes unchanged
    size_t rewritten = 0;                    // the number of rewritten bytes in the host's buffer
    bool kept = false;                       // the host buffers the rewritten bytes until more bytes arrive
    bool refused = false;
  };

  // Decides how to rewrite a body, and changes the headers accordingly. Returns the reason for a refusal, or null.
  const Refusal* prepareRequest(bool endOfStream);
  const Refusal* prepareResponse();
  static const Refusal* prepare(Body& body, HeaderMap headers, const std::vector<BodyRule>& rules, bool isTunnel);

  FilterHeadersStatus begin(Body& body, const Refusal* refusal);
  FilterDataStatus rewrite(Body& body, Buffer buffer, size_t size, bool last);
  FilterTrailersStatus finish(Body& body, Buffer buffer);
  // Rewrites those of the host's `size` bytes that are not rewritten yet. Returns the reason for a refusal, or null.
  static const Refusal* rewritePiece(Body& body, Buffer buffer, size_t size, bool last);

  // Stops the message: sends the client a response, or closes the stream if the client has already got headers.
  void stop(Body& body, const Refusal& refusal, bool headersHaveGone);

  const BodyRewriteRoot& root_;
  Body request_;
  Body response_;
  bool answered_ = false;
  bool asksForTunnel_ = false;
  bool isConnect_ = false;
};

namespace {

bool remove(HeaderMap headers, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (!warnUnlessOk(headers.remove(name), name)) return false;
  }
  return true;
}

// The types and the size of a body according to the headers.
struct BodyHeaders {
  std::vector<std::string_view> types;
  bool isWhole = true;
};

// Adds each value of a list. With several headers or values the receiver might use any of them.
void addMembers(std::vector<std::string_view>& members, std::string_view list) {
  while (!list.empty()) {
    const auto member = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), member.size() + 1));
    members.push_back(trim(member));
  }
}

// Returns false when a hostcall fails. The views are valid until the callback returns.
bool read(HeaderMap headers, BodyHeaders& result) {
  const auto all = headers.getAll();
  if (!warnUnlessOk(all.status(), "reading the headers")) return false;
  std::vector<std::string_view> encodings;
  for (const auto [name, value] : *all) {
    if (name == "content-type") addMembers(result.types, value);
    if (name == "content-encoding") addMembers(encodings, value);
    if (name == "content-range" && !value.empty()) result.isWhole = false;
  }
  for (const auto encoding : encodings) {
    if (!encoding.empty() && toLowerCase(encoding) != "identity") result.isWhole = false;
  }
  if (result.types.empty()) result.types.emplace_back();
  return true;
}

}  // namespace

const Refusal* BodyRewriteStream::prepareRequest(bool endOfStream) {
  if (root_.requestRules().empty() && root_.responseRules().empty()) return nullptr;
  asksForTunnel_ = !endOfStream && asksForTunnel(requestHeaders());
  isConnect_ = asksForTunnel_ && requestHeaders().get(":method").valueOr("") == "CONNECT";
  // Make the upstream send a body that can be rewritten: the whole body, uncompressed.
  if (!root_.responseRules().empty() && !remove(requestHeaders(), {"accept-encoding", "range"})) return &kHostFailure;
  return prepare(request_, requestHeaders(), root_.requestRules(), asksForTunnel_);
}

const Refusal* BodyRewriteStream::prepareResponse() {
  // The upstream accepts a tunnel with status 101, or a CONNECT with any successful status.
  bool isTunnel = false;
  if (asksForTunnel_ && !root_.responseRules().empty()) {
    const auto status = responseHeaders().get(":status");
    if (!warnUnlessOk(status.status(), ":status")) return &kHostFailure;
    isTunnel = *status == "101" || (status->starts_with('2') && isConnect_);
  }
  return prepare(response_, responseHeaders(), root_.responseRules(), isTunnel);
}

const Refusal* BodyRewriteStream::prepare(Body& body, HeaderMap headers, const std::vector<BodyRule>& rules,
                                          bool isTunnel) {
  if (rules.empty()) return nullptr;
  BodyHeaders known;
  if (!read(headers, known)) return &kHostFailure;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const BodyRule& r) {
    return std::any_of(known.types.begin(), known.types.end(), [&](auto type) { return r.matches(type); });
  });
  if (rule == rules.end()) return nullptr;
  // The bytes of a tunnel are not a body: they must not wait for more bytes, and do not have the type in the headers.
  if (!known.isWhole || isTunnel) return rule->mustRewrite() ? &kNotWhole : nullptr;
  // These headers would be wrong for the rewritten body.
  if (!remove(headers, {"content-length", "content-md5", "digest", "content-digest", "repr-digest"}))
    return &kHostFailure;
  body.rewriter = rule->start();
  return nullptr;
}

FilterHeadersStatus BodyRewriteStream::begin(Body& body, const Refusal* refusal) {
  if (refusal == nullptr) return FilterHeadersStatus::Continue;
  stop(body, *refusal, false);
  return FilterHeadersStatus::StopIteration;
}

FilterDataStatus BodyRewriteStream::rewrite(Body& body, Buffer buffer, size_t size, bool last) {
  if (!body.refused && body.rewriter == nullptr) return FilterDataStatus::Continue;
  if (const auto* refusal = body.refused ? nullptr : rewritePiece(body, buffer, size, last)) stop(body, *refusal, true);
  if (body.refused) return FilterDataStatus::StopIterationNoBuffer;
  return body.kept ? FilterDataStatus::StopIterationAndBuffer : FilterDataStatus::Continue;
}

const Refusal* BodyRewriteStream::rewritePiece(Body& body, Buffer buffer, size_t size, bool last) {
  // Bytes that may begin a text to replace wait for the next piece. The bytes before them wait, too, up to this limit:
  // instead of the next piece trailers may arrive, and then the filter can add to the body only if the host still has a
  // part of it.
  constexpr size_t kMaxKept = 65536;
  const auto bytes = size == 0 ? Result(std::string_view()) : buffer.get(0, size);
  if (!warnUnlessOk(bytes.status(), "reading a body")) return &kHostFailure;
  if (bytes->size() != size || size < body.rewritten) {
    logWarn("of a body of ", size, " bytes, ", body.rewritten, " of them rewritten, ", bytes->size(), " can be read");
    return &kHostFailure;
  }
  std::string out;
  out.reserve(size);
  out = bytes->substr(0, body.rewritten);
  const auto result = body.rewriter->next(bytes->substr(body.rewritten), last, out);
  if (result == Rewritten::Malformed) return &kMalformed;
  if (result == Rewritten::Changed && !warnUnlessOk(buffer.replace(out), "rewriting a body")) return &kHostFailure;
  body.kept = body.rewriter->holds() && out.size() < kMaxKept;
  body.rewritten = body.kept ? out.size() : 0;
  return nullptr;
}

FilterTrailersStatus BodyRewriteStream::finish(Body& body, Buffer buffer) {
  if (!body.refused && body.rewriter != nullptr && body.rewriter->holds()) {
    std::string rest;
    body.rewriter->next({}, true, rest);
    if (!body.kept) logWarn("trailers came when the end of the body was still to be written");
    if (!body.kept || !warnUnlessOk(buffer.append(rest), "writing the end of a body")) stop(body, kHostFailure, true);
  }
  return body.refused ? FilterTrailersStatus::StopIteration : FilterTrailersStatus::Continue;
}

void BodyRewriteStream::stop(Body& body, const Refusal& refusal, bool headersHaveGone) {
  const bool isResponse = &body == &response_;
  body.refused = true;
  if (isResponse) logWarn("a response does not go on: ", refusal.details);
  if (isResponse && headersHaveGone) {
    warnUnlessOk(closeResponse(), "closing the stream");
  } else {
    answered_ = refuse(*this, {isResponse ? kBadGateway : refusal.status, refusal.reason, refusal.details});
  }
}

static Register<BodyRewriteRoot, BodyRewriteStream> registration;
