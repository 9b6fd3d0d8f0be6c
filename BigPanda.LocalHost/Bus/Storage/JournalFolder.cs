using System.Globalization;
using System.Security.Cryptography;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Names, opens and deletes the journal's files.</summary>
internal sealed class JournalFolder(string directory, JournalOptions options)
{
    private const string Prefix = "journal-";
    private const string Suffix = ".log";

    public string Directory => directory;

    public IReadOnlyList<int> Numbers() =>
        [.. System.IO.Directory.EnumerateFiles(directory, Prefix + "*" + Suffix).Select(NumberOf).OfType<int>().Order()];

    public SegmentFile OpenFile(int number) => options.OpenFile(PathOf(number), FileMode.Open);

    /// <summary>A new, empty segment. On failure no file is left behind that a later start could stumble over.</summary>
    public Segment Create(int number)
    {
        var file = options.OpenFile(PathOf(number), FileMode.Create);
        try
        {
            var salt = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
            file.Write(Segment.Preamble(salt), 0);
            return new Segment(number, file, salt, Segment.PreambleBytes);
        }
        catch
        {
            file.Dispose();
            Delete(number);
            throw;
        }
    }

    public void Delete(int number) => File.Delete(PathOf(number));

    public string PathOf(int number) => Path.Combine(directory, Prefix + number.ToString("D8", CultureInfo.InvariantCulture) + Suffix);

    private static int? NumberOf(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        return int.TryParse(name[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
