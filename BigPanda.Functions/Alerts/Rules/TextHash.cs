using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Alerts.Rules;

internal static class TextHash
{
    /// <summary>Stored with alerts in place of a text: the same in every process and version.</summary>
    public static ulong Of(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
