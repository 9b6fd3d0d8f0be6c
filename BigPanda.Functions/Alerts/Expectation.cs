using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// A comment of ours that BigPanda may send back to us. BigPanda marks nothing as ours, so it is known by its text, once, and
/// only for a while: somebody may say the same tomorrow.
/// </summary>
public readonly record struct Expectation(ulong Text, DateTimeOffset Until)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static Expectation Of(string comment, DateTimeOffset now) => new(Hash(comment), now + Window);

    public bool IsMetBy(string? comment, DateTimeOffset now) => comment is not null && now <= Until && Hash(comment) == Text;

    /// <summary>White space is not compared: it does not survive every way a comment takes.</summary>
    private static ulong Hash(string comment)
    {
        var words = string.Join(' ', comment.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
    }
}
