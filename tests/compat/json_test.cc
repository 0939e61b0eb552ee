// Old-style filters with protobuf's full runtime.
#include <string>
#include <vector>

#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OldJson : public FilterTest {
 protected:
  /// The logged lines, without the source location at the front.
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    for (const auto& line : logs()) {
      const auto place = line.text.starts_with("[") ? line.text.find("() ") : std::string::npos;
      texts.push_back(place == std::string::npos ? line.text : line.text.substr(place + 3));
    }
    return texts;
  }
};

TEST_F(OldJson, AConfigurationIsAStruct) {
  ASSERT_TRUE(start({.configuration = R"({"header": "x-a", "limit": 42, "list": [true, null, "b"]})"}));
  EXPECT_THAT(said(), ElementsAre("header: x-a", "limit: 42", "list: 3", "type: google.protobuf.Value of 6",
                                  "text: number_value: 42", R"(json: [true,null,"b"])"));
}

TEST_F(OldJson, ABrokenConfigurationIsRefusedWithAReason) {
  EXPECT_FALSE(start({.configuration = R"({"header": )"}));
  EXPECT_THAT(said(), Contains(HasSubstr("INVALID_ARGUMENT:Unexpected end of string")));
}

}  // namespace
}  // namespace sluice::testing
