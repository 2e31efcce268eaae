// libcurl's handles, used again: nothing of the request before is left in one.
#include "broadcaster/net/http_handles.hpp"

#include <gtest/gtest.h>

#include <set>

namespace broadcaster::net {
namespace {

TEST(HttpHandles, AHandleIsUsedAgain) {
  HttpHandles handles;
  auto* first = handles.take();
  handles.give_back(first);
  EXPECT_EQ(handles.take(), first);
  auto* second = handles.take();
  EXPECT_NE(second, first);
  handles.give_back(first);
  handles.give_back(second);
}

TEST(HttpHandles, NothingOfTheRequestBeforeIsLeft) {
  HttpHandles handles;
  auto* handle = handles.take();
  int request = 0;
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &request);
  curl_easy_setopt(handle, CURLOPT_URL, "http://gateway.example/?to=%2B999");
  handles.give_back(handle);
  ASSERT_EQ(handles.take(), handle);
  char* left = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &left);
  EXPECT_EQ(left, nullptr);
  char* url = nullptr;
  curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
  EXPECT_TRUE(url == nullptr || *url == '\0') << url;
  EXPECT_EQ(curl_easy_perform(handle), CURLE_URL_MALFORMAT) << "it still knows where to send";
  handles.give_back(handle);
}

TEST(HttpHandles, MoreThanAreKeptAreGivenBackToLibcurl) {
  HttpHandles handles;
  std::set<CURL*> taken;
  for (int i = 0; i < 300; ++i) taken.insert(handles.take());
  EXPECT_EQ(taken.size(), 300u);
  for (auto* handle : taken) handles.give_back(handle);  // leaks and double frees are the sanitizer's to find
}

}  // namespace
}  // namespace broadcaster::net
