using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Options;

try
{
    var command = CommandLineParser.Parse(args);
    if (!command.Help)
        return await ConsoleRun.RunAsync(command);

    Console.WriteLine(Usage.Text);
    return 0;
}
catch (UsageException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}{Environment.NewLine}{Environment.NewLine}{Usage.Text}");
    return 1;
}
