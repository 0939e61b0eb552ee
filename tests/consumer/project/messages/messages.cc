#include <sluice/protobuf.h>
#include <sluice/sluice.h>

#include "text/greeting.pb.h"
#include "visit.pb.h"

// Answers a Visit with one more greeting.
class MessagesStream : public sluice::HttpContext {
 public:
  sluice::FilterDataStatus onRequestBody(size_t /*size*/, bool endOfStream) override {
    if (!endOfStream) return sluice::FilterDataStatus::StopIterationAndBuffer;
    visit::Visit visit;
    if (sluice::parse(requestBody().get().valueOr(""), visit) != sluice::Status::Ok) {
      sluice::warnUnlessOk(sendLocalResponse(400, "that is no Visit"), "refusing");
      return sluice::FilterDataStatus::StopIterationNoBuffer;
    }
    auto& greeting = *visit.add_greetings();
    greeting.set_words("hello " + visit.name());
    (*greeting.mutable_times())["today"] = static_cast<uint32_t>(visit.at().seconds());
    sluice::warnUnlessOk(sendLocalResponse(200, sluice::serialize(visit).valueOr("")), "answering");
    return sluice::FilterDataStatus::StopIterationNoBuffer;
  }
};

static sluice::Register<MessagesStream> registration;
