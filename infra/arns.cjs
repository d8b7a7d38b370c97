/** An ARN in the partition of the stack. */
function arn(rest) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}

/** Of a function, by its name in this account and region, or by its ARN. */
function functionArn(reference) {
  return reference.startsWith('arn:')
    ? reference
    : arn(`lambda:\${AWS::Region}:\${AWS::AccountId}:function:${reference}`);
}

module.exports = { arn, functionArn };
