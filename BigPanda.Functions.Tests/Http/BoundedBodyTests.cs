using System.Security.Cryptography;
using BigPanda.Functions.Http;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class BoundedBodyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1024)]
    [InlineData(1, 1)]
    [InlineData(1023, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(16_384, 16_384)]
    [InlineData(16_385, 100_000)]
    [InlineData(65_536, 65_536)]
    [InlineData(100_000, 100_000)]
    [InlineData(1_000_000, 8_388_608)]
    public async Task A_body_up_to_the_limit_is_read_whole(int size, int limit)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);

        foreach (var (announced, piece) in ((long?, int)[])[(null, 1000), (null, int.MaxValue), (size, 4096), (size, int.MaxValue), (Math.Min(1, size), 1000)])
        {
            using var body = await BoundedBody.ReadAsync(Request(new PieceByPieceStream(bytes, piece), announced), limit, CancellationToken.None);
            Assert.NotNull(body);
            Assert.Equal(bytes, body.Memory.ToArray());
        }
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1025, 1024, 1)]
    [InlineData(16_385, 16_384, 16_384)]
    [InlineData(1_000_000, 65_536, 65_536)]
    [InlineData(1_000_000, 65_535, int.MaxValue)]
    public async Task A_longer_body_is_none(int size, int limit, int piece) =>
        Assert.Null(await BoundedBody.ReadAsync(Request(new PieceByPieceStream(new byte[size], piece), null), limit, CancellationToken.None));

    [Fact]
    public async Task An_error_while_reading_is_passed_on() =>
        await Assert.ThrowsAsync<IOException>(
            async () => await BoundedBody.ReadAsync(Request(new BrokenStream(new IOException("reset")), 10), 100, CancellationToken.None));

    private static HttpRequest Request(Stream body, long? length)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = body;
        request.ContentLength = length;
        return request;
    }
}
