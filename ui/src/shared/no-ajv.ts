/** Stands where rjsf's tests would use ajv, which the content security policy does not allow to run. */
export default {};
