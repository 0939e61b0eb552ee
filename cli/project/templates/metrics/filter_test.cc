#include <sluice/testing.h>

using namespace sluice::testing;

class FilterNameTest : public FilterTest {
 protected:
  // The value of the counter with these tags, or 0.
  uint64_t count(const std::string& method, const std::string& outcome) {
    const auto metric = host().metric("filter_name_requests_total", {{"method", method}, {"outcome", outcome}});
    return metric ? metric->value : 0;
  }
};

TEST_F(FilterNameTest, CountsByMethodAndOutcome) {
  ASSERT_TRUE(start());
  send(get("/"));
  send(get("/"));
  send(post("/", "abc"), respond(500));
  EXPECT_EQ(count("GET", "good"), 2U);
  EXPECT_EQ(count("POST", "bad"), 1U);
}

TEST_F(FilterNameTest, ClientsCreateNoMetrics) {
  ASSERT_TRUE(start());
  auto request = get("/");
  for (auto& [name, value] : request.headers) {
    if (name == ":method") value = "BREW";
  }
  send(request);
  EXPECT_EQ(count("other", "good"), 1U);
  EXPECT_EQ(count("BREW", "good"), 0U);
}

TEST_F(FilterNameTest, RecordsTheBodysSize) {
  ASSERT_TRUE(start());
  send(post("/", "abc"));
  const auto sizes = host().metric("filter_name_request_bytes");
  ASSERT_TRUE(sizes);
  EXPECT_EQ(sizes->samples, std::vector<uint64_t>{3});
}
