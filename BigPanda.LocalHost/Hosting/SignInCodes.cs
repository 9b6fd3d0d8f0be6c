using System.Security.Cryptography;
using System.Text;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// The codes of links that sign a person in to the console: each is good once and for a quarter of an hour, so that the function key itself
/// is in no address, and so in no history of a browser.
/// </summary>
internal sealed class SignInCodes(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly List<(byte[] Code, DateTimeOffset Until)> _codes = [];

    public string Create()
    {
        var code = LocalSecrets.NewSecret();
        lock (_lock) _codes.Add((Encoding.UTF8.GetBytes(code), time.GetUtcNow() + Lifetime));
        return code;
    }

    /// <returns>Whether the code is one that has not been used and has not expired.</returns>
    public bool TryUse(string? code)
    {
        var presented = Encoding.UTF8.GetBytes(code ?? "");
        lock (_lock)
        {
            _codes.RemoveAll(known => known.Until <= time.GetUtcNow());
            return _codes.RemoveAll(known => CryptographicOperations.FixedTimeEquals(known.Code, presented)) > 0;
        }
    }
}
