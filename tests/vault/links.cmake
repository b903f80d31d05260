# The tests look behind the room's own header, and compare with OpenSSL.
target_link_libraries(vault_test PRIVATE stanch::crypto)
