using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Opens the queue database: locked for this process, readable by its owner only, and checked in full.</summary>
internal static class DatabaseFile
{
    private const string Name = "queues.db";
    private const long Format = 1;

    // SQLite treats a file shorter than a page as a new database.
    private const int SmallestPage = 512;
    private const string OldJournalFiles = "journal-*.log";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Sequence numbers grow with time, so both large tables are appended to and a commit touches few pages.
    private const string Schema = $"""
        CREATE TABLE queues(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE messages(
            sequence INTEGER PRIMARY KEY, queue INTEGER NOT NULL, dead_lettered INTEGER NOT NULL, deliveries INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL, scheduled_for INTEGER NOT NULL, expires_at INTEGER NOT NULL, checksum INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE TABLE settled(sequence INTEGER PRIMARY KEY, queue INTEGER NOT NULL, enqueued_at INTEGER NOT NULL, message_key BLOB NOT NULL);
        PRAGMA user_version = 1;
        """;

    // The file lock is taken at the first access and kept; without other processes WAL needs no shared memory. An incremental vacuum
    // would cost every commit a page; larger pages save writes and cost as much in bytes.
    private const string Settings = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA cell_size_check = ON;
        PRAGMA cache_size = -8000;
        PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = 1000;
        PRAGMA journal_size_limit = 16777216;
        """;

    public static string PathIn(string folder) => Path.Combine(folder, Name);

    /// <exception cref="BusFolderException">The message says why, and what to do.</exception>
    public static SqliteConnection Open(string folder)
    {
        var path = PathIn(folder);
        SqliteConnection? connection = null;
        try
        {
            Prepare(folder, path);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            Execute(connection, Settings);
            EnsureSchema(connection, path);
            return connection;
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            if (failure is BusFolderException)
                throw;
            throw Explain(failure, folder);
        }
    }

    /// <summary>Explains a failure to open or read the database.</summary>
    public static BusFolderException Explain(Exception failure, string folder) => failure switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => BusFolderException.InUse(folder, failure),
        // A missing table or column means that the schema's row is damaged.
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR } =>
            BusFolderException.Damaged(PathIn(folder), failure.Message, failure),
        _ => BusFolderException.CannotOpen(PathIn(folder), failure),
    };

    public static void Execute(SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, sql), connection.Handle);

    private static void Prepare(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFiles(folder, OldJournalFiles).Any())
            throw BusFolderException.OldJournal(folder);

        // SQLite creates the files beside the database with the database's permissions.
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
            if (file.Length is > 0 and < SmallestPage)
                throw BusFolderException.Damaged(path, "it is truncated.");
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, OwnerOnly);
    }

    private static void EnsureSchema(SqliteConnection connection, string path)
    {
        var format = Number(connection, "PRAGMA user_version");
        if (format == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
            Execute(connection, $"BEGIN; {Schema} COMMIT;");
        else if (format != Format)
            throw BusFolderException.OtherVersion(path, format);
        else if (Text(connection, "PRAGMA quick_check(1)") is not "ok" and var damage)
            throw BusFolderException.Damaged(path, damage);
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection.Handle!, sql);
        return statement.Read() ? statement.Int64(0) : 0;
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection.Handle!, sql);
        return statement.Read() ? statement.Text(0) : "";
    }
}
