using System.Security.Cryptography;
using System.Text;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Account;

/// <summary>Ids as PagerDuty forms them. Another start has others, because the bridge remembers those of earlier starts.</summary>
internal sealed class AccountIds
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private long _count;

    public string Incident() => Next("Q", 14);

    public string Event() => Next("01", 26);

    public string Other() => Next("P", 7);

    private string Next(string prefix, int length)
    {
        var hash = HMACSHA256.HashData(_salt, BitConverter.GetBytes(Interlocked.Increment(ref _count)));
        var id = new StringBuilder(prefix, length);
        foreach (var octet in hash.Take(length - prefix.Length)) id.Append(Digits[octet % Digits.Length]);
        return id.ToString();
    }
}
