// `node check-libraries.js LIBRARY...` ends with 1 where one can not be loaded. Loaded as TensorFlow loads them, by name:
// so where LD_LIBRARY_PATH leads is found too, and a library that lacks another is not taken for whole.
const missing = process.argv.slice(2).filter((name) => {
  try {
    process.dlopen({ exports: {} }, name)
  } catch (thrown) {
    // It is there; that it is no addon for Node was clear.
    if (thrown.message.includes('did not self-register')) return false
    console.error(thrown.message)
    return true
  }
  return false
})
process.exitCode = missing.length > 0 ? 1 : 0
