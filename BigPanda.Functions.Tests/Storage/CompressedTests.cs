using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Tests.Storage;

public sealed class CompressedTests
{
    private const int Piece = 64 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData(11 * Piece)]
    public void What_was_packed_is_unpacked_whole(int length)
    {
        var noise = Noise(length);
        foreach (var bytes in new[] { noise, new byte[length] })
        {
            var pieces = Compressed.PackInPieces(bytes);

            Assert.All(pieces.SkipLast(1), piece => Assert.Equal(Piece, piece.Length));
            Assert.InRange(pieces[^1].Length, 1, Piece);
            Assert.Equal(bytes, Compressed.Unpack([.. pieces.Select(piece => (ReadOnlyMemory<byte>)piece)], length));
            Assert.Equal(bytes, Compressed.Unpack(Compressed.Pack(bytes), length));
        }
    }

    [Fact]
    public void Data_that_is_cut_off_damaged_or_too_large_is_refused()
    {
        var packed = Compressed.Pack(Noise(3 * Piece));

        for (var length = 0; length < packed.Length; length += 997)
            Assert.Throws<InvalidDataException>(() => Compressed.Unpack(packed.AsMemory(0, length), int.MaxValue));
        Assert.Throws<InvalidDataException>(() => Compressed.Unpack(Noise(1000), int.MaxValue));
        Assert.Throws<InvalidDataException>(() => Compressed.Unpack(packed, (3 * Piece) - 1));
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
