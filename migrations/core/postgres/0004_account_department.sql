-- In which department of a service somebody works; nobody in a hall does.
ALTER TABLE account ADD COLUMN department_id UUID;
