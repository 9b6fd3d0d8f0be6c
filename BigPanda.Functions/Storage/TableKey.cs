using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Storage;

/// <summary>
/// Makes a table key from any id. Table Storage forbids / \ # ? and control characters, clients mishandle % and +, and a key has at most
/// 1,024 characters (Azurite: 512). Letters, digits and _ . : @ stay; every other UTF-8 byte becomes -XX; an id with a very long key
/// becomes -h and its SHA-256. Different ids have different keys.
/// Source: learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model.
/// </summary>
internal static class TableKey
{
    private const int MaxLength = 400;

    public static string Of(string id)
    {
        if (id.All(IsPlain)) return id.Length <= MaxLength ? id : Hashed(id);
        var key = new StringBuilder(id.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(id))
        {
            if (IsPlain((char)octet)) key.Append((char)octet);
            else key.Append('-').Append(octet.ToString("X2", null));
        }

        return key.Length <= MaxLength ? key.ToString() : Hashed(id);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '@';

    private static string Hashed(string id) => "-h" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
