#nullable enable
namespace Azure.Data.Tables.Rest;

internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException($"Response (status {response.Status}) has no value.");

    public override Response GetRawResponse() => response;
}
