// Parses the message in a request's body and answers with the message serialized again. The path is the message's type.
#include <google/protobuf/stubs/logging.h>
#include <sluice/protobuf.h>
#include <sluice/sluice.h>

#include "required.pb.h"
#include "tree.pb.h"

using namespace sluice;

namespace {

class Messages : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    path_ = requestHeaders().get(":path").valueOr("");
    return FilterHeadersStatus::Continue;
  }

  FilterDataStatus onRequestBody(size_t /*size*/, bool endOfStream) override {
    if (!endOfStream) return FilterDataStatus::StopIterationAndBuffer;
    const auto body = requestBody().get().valueOr("");
    if (path_ == "/tree") {
      protobuf_test::Tree tree;
      answer(parse(body, tree), tree);
    } else if (path_ == "/required") {
      protobuf_test::Required required;
      answer(parse(body, required), required);
    } else if (path_ == "/missing") {
      answer(Status::Ok, protobuf_test::Required());
    } else {
      // A failed check, for which protobuf ends the program.
      GOOGLE_CHECK(path_.empty()) << "the path is " << path_;
    }
    return FilterDataStatus::StopIterationNoBuffer;
  }

 private:
  void answer(Status read, const google::protobuf::MessageLite& message) {
    if (read != Status::Ok) {
      logInfo("parse: ", read);
      warnUnlessOk(sendLocalResponse(400), "answering");
      return;
    }
    const auto written = serialize(message);
    if (!written) logInfo("serialize: ", written.status());
    warnUnlessOk(sendLocalResponse(written ? 200 : 500, written.valueOr("")), "answering");
  }

  std::string path_;
};

Register<Messages> registration;

}  // namespace
